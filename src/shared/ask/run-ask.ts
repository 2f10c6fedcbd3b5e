import type { StepResult } from '../durable/orchestrate-steps.ts';
import { stepAside } from '../durable/run-files.ts';
import { describeError } from '../http/answer.ts';
import { createAllowance } from '../models/language/allowance.ts';
import type { LanguageModel } from '../models/language/language-model.ts';
import { isStorageFault } from '../storage/storage-errors.ts';
import { nameOf } from '../transcripts/render.ts';
import type { LeftOut, Output } from './answer.ts';
import { leftOutReason } from './answer.ts';
import type { AskFiles } from './ask-files.ts';
import { type AskState, countLeftOut, eyesOf } from './ask-state.ts';
import { choosePieces } from './choose-pieces.ts';
import { composeAnswer, mostInDetail } from './compose-answer.ts';
import { type FindDependencies, findShared } from './find-shared.ts';
import type { Piece } from './piece.ts';
import type { Question } from './question.ts';
import { type ReadDependencies, readConversations } from './read-conversations.ts';
import { type RenderOptions, renderChoices, renderMarkdown, renderPlain } from './render-answer.ts';
import { nobodyText, nothing, nothingText } from './tell-nothing.ts';
import { understandByModel } from './understand-by-model.ts';
import { understandByRules } from './understand-request.ts';
import { type WhoDependencies, whoIsMeant } from './who-is-meant.ts';
import { writeNotes } from './write-notes.ts';

export interface AskDependencies extends WhoDependencies, FindDependencies, ReadDependencies {
  people: WhoDependencies['people'] & FindDependencies['people'];
  files: AskFiles;
  /** Absent: requests are read by rules, and answers are put together from summaries. */
  languageModel?: LanguageModel;
  /** Tokens that one request may use. */
  tokens: number;
  clock: () => Date;
  /** How long one step may take before it begins nothing more. */
  stepMilliseconds?: number;
  batchSize?: number;
}

/** The newest of more than these. */
const mostConversations = 2_000;
/** What the reading leaves for the writing. */
const shareOfReading = 0.75;
/** What one batch, or one call, may take. */
const longestPiece = 5 * 60_000;

const done: StepResult = { isDone: true, waitMilliseconds: 0 };

/**
 * Makes the step of a request: it goes on from what the last one wrote down, until the end or for about a minute. Done twice,
 * it comes to the same. Throws only for storage faults; whatever else goes wrong fails the request.
 */
export function createAskStep(dependencies: AskDependencies) {
  const { files, clock, languageModel, tokens, stepMilliseconds = 45_000, batchSize = 20 } = dependencies;
  const { runs } = files;

  return async function askStep({ id }: { id: string }): Promise<StepResult> {
    let stored = await runs.read(id);
    const end = clock().getTime() + stepMilliseconds;
    while (stored?.state.state === 'running') {
      const saved = await runs.save(id, await advance(stored.state, end), stored);
      if (!saved) return lost(id);
      stored = saved;
      if (clock().getTime() >= end && saved.state.state === 'running')
        return { isDone: false, waitMilliseconds: 0 };
    }
    if (stored) await files.removeWork(id);
    // Erased, or forgotten, while it ran.
    else await files.remove(id);
    return done;
  };

  /** Somebody else wrote: what this step has written stays only where the request does. */
  async function lost(id: string): Promise<StepResult> {
    if (await runs.read(id)) return stepAside(runs, id);
    await files.remove(id);
    return done;
  }

  async function advance(state: AskState, end: number): Promise<AskState> {
    try {
      if (state.phase === 'finding') return await find(state);
      if (state.phase === 'reading') return await read(state);
      return await write(state, end);
    } catch (error) {
      if (isStorageFault(error)) throw error;
      const reason = 'Something went wrong inside Parley while it answered; its log says what. Ask again.';
      console.error(`ask ${state.id} failed: ${describeError(error)}`);
      return { ...state, state: 'failed', endedAt: clock().toISOString(), reason };
    }
  }

  async function find(state: AskState): Promise<AskState> {
    const mine = eyesOf(state);
    const understood = await understand(state);
    const { question } = understood;
    const who = await whoIsMeant(question.people, { mine, chosen: state.people }, dependencies);
    const options = await optionsOf({ ...state, who: [] });
    if ('nobody' in who)
      return finish(understood.state, nothing(question, nobodyText(who.nobody, options, mine)));
    if ('choices' in who) {
      const { choices } = who;
      return finish(understood.state, {
        ...nothing(question, ''),
        status: 'choose',
        choices,
        ...renderChoices(choices, options),
      });
    }
    const conversations = await findShared(question, { mine, who: who.meant }, dependencies);
    const kept = conversations.slice(0, mostConversations);
    await files.found.write(state.id, 'found', {
      conversations: kept.map(({ channel, id }) => ({ channel, id })),
    });
    return {
      ...understood.state,
      phase: 'reading',
      question,
      who: who.meant,
      found: kept.length,
      leftOut: countLeftOut({}, 'too_many', conversations.length - kept.length),
    };
  }

  async function understand(state: AskState): Promise<{ question: Question; state: AskState }> {
    const setting = { now: new Date(state.startedAt), timeZone: state.timeZone };
    const byRules = await understandByRules(state.request, setting);
    if (!languageModel) return { question: byRules, state };
    const allowance = createAllowance(tokens - state.tokens);
    const signal = AbortSignal.timeout(longestPiece);
    try {
      const question = await understandByModel(state.request, byRules, setting, {
        model: languageModel,
        allowance,
        signal,
      });
      return { question, state: spend(state, allowance) };
    } catch (error) {
      if (isStorageFault(error) && !signal.aborted) throw error;
      return { question: byRules, state: spend(state, allowance) };
    }
  }

  async function read(state: AskState): Promise<AskState> {
    const { conversations = [] } = (await files.found.read(state.id, 'found')) ?? {};
    const batch = conversations.slice(state.done, state.done + batchSize);
    if (batch.length === 0) return { ...state, phase: 'writing' };
    const budget = languageModel ? Math.max(0, tokens * shareOfReading - state.tokens) : Infinity;
    const allowance = createAllowance(budget);
    const { question, who } = state;
    if (!question) throw new Error('a request is read before it is understood');
    const {
      pieces,
      leftOut,
      read: count,
    } = await readConversations(
      batch,
      { question, mine: eyesOf(state), who, allowance, signal: AbortSignal.timeout(longestPiece) },
      dependencies,
    );
    await files.pieces.write(state.id, String(state.batches), { pieces });
    return {
      ...spend(state, allowance),
      done: state.done + count,
      batches: state.batches + 1,
      leftOut: leftOut.reduce((counts, reason) => countLeftOut(counts, reason), state.leftOut),
    };
  }

  async function write(state: AskState, end: number): Promise<AskState> {
    const { question } = state;
    if (!question) throw new Error('a request is answered before it is understood');
    const pieces: Piece[] = [];
    for (let batch = 0; batch < state.batches; batch += 1) {
      pieces.push(...((await files.pieces.read(state.id, String(batch)))?.pieces ?? []));
    }
    const chosen = await choosePieces(pieces, question.topic);
    const options = await optionsOf(state, pieces);
    if (chosen.length === 0) {
      return finish(
        state,
        nothing(question, nothingText(question, options, pieces.length), tellLeftOut(state.leftOut)),
      );
    }
    const allowance = createAllowance(tokens - state.tokens);
    const noted = languageModel
      ? await writeNotes(
          { id: state.id, request: state.request, pieces: chosen.slice(0, mostInDetail) },
          {
            model: languageModel,
            allowance,
            files,
            isTimeUp: () => clock().getTime() >= end,
            longestCall: longestPiece,
          },
        )
      : { isDone: true, overview: [], isMissing: false };
    const spent = spend(state, allowance);
    if (!noted.isDone) return { ...spent, notes: spent.notes + 1 };
    let leftOut = countLeftOut(spent.leftOut, 'off_topic', pieces.length - chosen.length);
    leftOut = countLeftOut(leftOut, 'brief', Math.max(0, chosen.length - mostInDetail));
    leftOut = countLeftOut(leftOut, 'overview', noted.isMissing ? 1 : 0);
    const told = tellLeftOut(leftOut);
    const answer = composeAnswer({ pieces: chosen, overview: noted.overview, question, leftOut: told });
    return finish(
      { ...spent, leftOut },
      { ...answer, text: renderPlain(answer, options), markdown: renderMarkdown(answer, options) },
    );
  }

  /** Whoever an operator asks as is called what the directory calls them, as those whom they name are. */
  async function optionsOf(
    { asker, as, who, timeZone }: AskState,
    pieces: readonly Piece[] = [],
  ): Promise<RenderOptions> {
    const names = who.map(({ name }) => name);
    const [identity] = as ?? [];
    if (identity === undefined) return { ...(asker.kind === 'person' ? { me: 'you' } : {}), names, timeZone };
    const record = await dependencies.directory.personOf(identity);
    const shown = pieces.find(({ me }) => me !== undefined)?.me;
    return { me: record?.name ?? shown ?? nameOf({ id: identity }), names, timeZone };
  }

  async function finish(state: AskState, answer: Output): Promise<AskState> {
    await files.writeAnswer(state.id, answer);
    return { ...state, state: 'completed', endedAt: clock().toISOString() };
  }
}

function spend(state: AskState, { used }: { used: { inputTokens: number; outputTokens: number } }): AskState {
  return { ...state, tokens: state.tokens + used.inputTokens + used.outputTokens };
}

function tellLeftOut(counts: AskState['leftOut']): LeftOut[] {
  return leftOutReason.options.flatMap((reason) => {
    const count = counts[reason];
    return count === undefined ? [] : [{ reason, count }];
  });
}
