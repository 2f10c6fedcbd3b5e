import './chat.ts';
import './conversations.ts';
import './dead-letters.ts';
import './events.ts';
import './health.ts';
import './summaries.ts';
