import { openLanguageModel } from '../../src/shared/models/language/open-language-model.ts';
import type { SummaryModel } from '../../src/shared/models/summary-model.ts';
import { createWrittenModel } from '../../src/shared/models/written/written-model.ts';
import { readSettings } from '../../src/shared/settings.ts';

/** Parley's written summaries by the model of an endpoint, as the app would make them with these settings. */
export function openWrittenModel(environment: NodeJS.ProcessEnv): SummaryModel {
  const { model: settings, timeZone } = readSettings({
    AzureWebJobsStorage: 'UseDevelopmentStorage=true',
    ...environment,
  });
  const model = openLanguageModel(settings);
  if (!model) throw new Error('The settings name no model.');
  return createWrittenModel({ model, timeZone, clock: () => new Date() });
}
