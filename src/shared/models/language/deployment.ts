import type { ModelEndpoint } from '../../model-settings.ts';
import type { Send } from './connect.ts';
import type { CountTokens } from './language-model.ts';
import type { Learnt } from './learnt.ts';
import type { Pace } from './pace.ts';

/** A deployment as this process knows it: all its calls share what was learnt, and the pace. */
export interface Deployment {
  readonly name: string;
  readonly endpoint: ModelEndpoint;
  readonly send: Send;
  readonly pace: Pace;
  readonly tokenCounter: () => Promise<CountTokens>;
  learnt: Learnt;
  /** Calls in a row that were given up for the endpoint's fault, none answered between. */
  givenUp: number;
  /** How many times what it should have used the last call used, by the endpoint's report: so much is reserved for the next. */
  overrun: number;
}
