import { app } from '@azure/functions';
import { orderQueues, takeEvent } from './take-events.ts';

app.eventGrid('smsEvents', { extraOutputs: orderQueues, handler: takeEvent });
