import type { Emulator } from '../emulator.ts';
import type { Route } from '../exchange.ts';
import type { Identity } from '../identity/identity.ts';
import { type ActAsPerson, createPeople } from './act-as-person.ts';
import { createMessageActions } from './act-on-messages.ts';
import { createThreadActions } from './act-on-threads.ts';
import type { ChatContext } from './chat-context.ts';
import { createChatEvents } from './chat-events.ts';
import { messageRoutes } from './message-routes.ts';
import { openChatStore } from './store.ts';
import { threadRoutes } from './thread-routes.ts';

/** The Chat API, and what the control API does as a person that chats. */
export interface Chat extends ActAsPerson {
  routes: Route[];
}

export function createChat(emulator: Emulator, identity: Identity): Chat {
  const { state, clock } = emulator;
  const context: ChatContext = {
    state,
    clock,
    store: openChatStore(state),
    events: createChatEvents(emulator),
    isUser: identity.isUser,
  };
  const threads = createThreadActions(context);
  const messages = createMessageActions(context);
  return {
    routes: [...threadRoutes(emulator, context, threads), ...messageRoutes(context, messages)],
    ...createPeople(context, identity, { threads, messages }),
  };
}
