import { app } from '@azure/functions';
import { mediaQueue, takeEvent } from './take-events.ts';

app.eventGrid('chatEvents', { extraOutputs: [mediaQueue], handler: takeEvent });
