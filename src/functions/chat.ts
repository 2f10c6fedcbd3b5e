import { app, type EventGridEvent, type InvocationContext } from '@azure/functions';
import { deadline } from '../shared/events/receive-events.ts';
import { services } from './services.ts';

/** Chat events one by one, as Event Grid's own trigger hands them over. It retries what throws. */
app.eventGrid('chatEvents', {
  async handler(event: EventGridEvent, context: InvocationContext): Promise<void> {
    const { stored, deadLettered, ignored } = await services.accept([event], {
      signal: AbortSignal.timeout(deadline),
    });
    context.log(JSON.stringify({ stored, deadLettered, ignored }));
  },
});
