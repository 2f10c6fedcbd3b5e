import { app } from '@azure/functions';
import { mediaQueue, takeEvent } from './take-events.ts';

app.eventGrid('smsEvents', { extraOutputs: [mediaQueue], handler: takeEvent });
