import { createMatcher, type Matcher, type Traces } from '../../src/shared/erasers/matcher.ts';

export const user = '8:acs:11111111-2222-4333-8444-555555555555_aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee';

/** Somebody made up, and what tells of him. */
export const joe: Traces = {
  identities: [
    user,
    '4:+15551230001',
    'mailto:joe.s@xn--bcher-kva.example',
    'whatsapp:US.13491208655302741918',
    'entra:0a0a0a0a-1b1b-4c2c-8d3d-4e4e4e4e4e4e/9f9f9f9f-8e8e-4d7d-8c6c-5b5b5b5b5b5b',
    'pigeon:loft9',
  ],
  names: ['Joe Smith'],
  texts: [
    'The vermilion canoe is still not here, and I have waited for nine days now.',
    'It was promised for the second of May, by your own shop in Quince Hollow!',
    'Yes, do that',
    'Please let me know if you have any questions.',
  ],
};

export function matcherOf(traces: Partial<Traces>): Matcher {
  return createMatcher({ identities: [], names: [], texts: [], ...traces });
}
