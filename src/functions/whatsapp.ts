import { app } from '@azure/functions';
import { orderQueues, takeEvent } from './take-events.ts';

app.eventGrid('whatsappEvents', { extraOutputs: orderQueues, handler: takeEvent });
