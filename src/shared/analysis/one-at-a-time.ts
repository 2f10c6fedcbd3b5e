import type { AnalysisModel } from './analysis-model.ts';

/**
 * The same model, which reads one batch after the other where it is made of rules: these occupy the thread on which
 * webhooks are answered, and let others run between two texts of each batch that is being read.
 */
export function oneAtATime(model: AnalysisModel): AnalysisModel {
  if (model.method === 'model') return model;
  let last: Promise<unknown> = Promise.resolve();
  return {
    method: model.method,
    analyse(texts, options) {
      const next = last.then(() => model.analyse(texts, options));
      last = next.catch(() => {});
      return next;
    },
  };
}
