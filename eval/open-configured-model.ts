import * as z from 'zod';
import type { Usage } from '../src/shared/models/language/allowance.ts';
import type { LanguageModel } from '../src/shared/models/language/language-model.ts';
import { openLanguageModel } from '../src/shared/models/language/open-language-model.ts';
import { costOf } from '../src/shared/models/language/prices.ts';
import { createOfflineModel } from '../src/shared/models/offline/offline-model.ts';
import type { SummaryModel } from '../src/shared/models/summary-model.ts';
import { createWrittenModel } from '../src/shared/models/written/written-model.ts';
import { readSettings } from '../src/shared/settings.ts';

/** What summarizes, and what can be told of it from outside. */
export interface Candidate {
  model: SummaryModel;
  /** US dollars; undefined where `MODEL_PRICES` does not tell. */
  costOf?(usage: Usage): number | undefined;
  /** Sentences that the language model has written, those that Parley did not take included. */
  sentencesWritten?(): number;
}

/** The model that the app would use with these settings; offline where they name none. */
export function openConfiguredModel(environment: NodeJS.ProcessEnv = process.env): Candidate {
  const settings = readSettings({ AzureWebJobsStorage: 'UseDevelopmentStorage=true', ...environment });
  const languageModel = openLanguageModel(settings.model);
  if (!languageModel) return { model: createOfflineModel() };
  const { model: watched, sentencesWritten } = watchSentences(languageModel);
  const { language: summaryLanguage, tokensPerConversation } = settings.summaries;
  const model = createWrittenModel({
    model: watched,
    timeZone: settings.timeZone,
    summaryLanguage,
    tokensPerConversation,
    clock: () => new Date(),
  });
  return { model, sentencesWritten, costOf: (usage) => costOf(usage, model.name, settings.model.prices) };
}

/** The answers of which sentences of a summary are made. */
const answer = z.object({ sentences: z.array(z.unknown()) });

function watchSentences(model: LanguageModel): { model: LanguageModel; sentencesWritten(): number } {
  let written = 0;
  return {
    sentencesWritten: () => written,
    model: {
      ...model,
      async call(call, options) {
        const answered = await model.call(call, options);
        written += answer.safeParse(answered.value).data?.sentences.length ?? 0;
        return answered;
      },
    },
  };
}
