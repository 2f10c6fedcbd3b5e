import { joined, sent, versionAt } from '../support/chat-events.ts';

/** The events of a thread in which two people, who are in no other, say that an order left on Friday. */
export function orderTalk(thread: string, index: number): object[] {
  const people = [`Ada${index}`, `Grace${index}`];
  return [
    ...people.map((name) => joined(thread, name, 0)),
    ...people.map((from, second) =>
      sent(thread, {
        id: String(versionAt(second)),
        from,
        text: `The order ${index} left on Friday.`,
        second,
      }),
    ),
  ];
}
