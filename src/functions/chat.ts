import { app } from '@azure/functions';
import { orderQueues, takeEvent } from './take-events.ts';

app.eventGrid('chatEvents', { extraOutputs: orderQueues, handler: takeEvent });
