import { app } from '@azure/functions';
import { mediaQueue, takeEvent } from './take-events.ts';

app.eventGrid('whatsappEvents', { extraOutputs: [mediaQueue], handler: takeEvent });
