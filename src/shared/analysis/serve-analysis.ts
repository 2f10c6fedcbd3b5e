import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import * as z from 'zod';
import { checkForm } from '../check-form.ts';
import { ParleyError } from '../errors.ts';
import { readBody } from '../http/read-body.ts';
import { parseJson } from '../json.ts';
import type { AnalysisModel } from './analysis-model.ts';

const largestBody = 2 * 1024 ** 2;
const mostTexts = 100;
/** UTF-16 units. */
const longestText = 10_000;

const wellFormed = z.string().refine((value) => value.isWellFormed(), 'is not well-formed Unicode');
/** A tag such as `en-GB` counts as its language. */
const language = z
  .string()
  .regex(/^(?:[a-z]{2}|und)(?:-[a-z\d]{1,8})*$/i, 'must be a language such as en, or und')
  .transform((tag) => tag.toLowerCase().replace(/-.*$/, ''));

const form = z.strictObject({
  texts: z
    .array(
      z.union([
        wellFormed.transform((text) => ({ text, id: undefined, language: undefined })),
        z.strictObject({
          id: wellFormed.max(200).optional(),
          text: wellFormed,
          language: language.optional(),
        }),
      ]),
    )
    .min(1),
});

/**
 * `POST /api/analysis`: reads up to 100 texts and answers in their order. Throws `bad_request`, `length_required` and
 * `too_large`.
 */
export function serveAnalysis(model: AnalysisModel) {
  return async function analyseTexts(request: HttpRequest): Promise<HttpResponseInit> {
    const texts = await readTexts(request);
    const readings = await model.analyse(texts.map(({ text, language }) => ({ text, prior: language })));
    const results = readings.map((reading, index) => {
      const id = texts[index]?.id;
      return id === undefined ? reading : { id, ...reading };
    });
    return { jsonBody: { results, method: model.method } };
  };
}

async function readTexts(request: HttpRequest): Promise<z.infer<typeof form>['texts']> {
  const body = await readBody(request, { what: 'A request for analysis', most: largestBody });
  const json = parseJson(body.toString('utf8'));
  if (json === undefined) throw new ParleyError('bad_request', 'The body must be JSON in UTF-8.');
  const checked = checkForm(form, json);
  if (checked.problem) {
    const { path, message } = checked.problem;
    throw new ParleyError(
      'bad_request',
      `${path.length > 0 ? `${path.join('.')}:` : 'The body'} ${message}.`,
    );
  }
  const { texts } = checked.value;
  if (texts.length > mostTexts) {
    throw new ParleyError(
      'too_large',
      `texts may have ${mostTexts} at once; these are ${texts.length}. Send them in several requests.`,
    );
  }
  const long = texts.findIndex(({ text }) => text.length > longestText);
  if (long >= 0) {
    throw new ParleyError(
      'too_large',
      `texts.${long} has ${texts[long]?.text.length} characters; a text may have ${longestText}. Split it.`,
    );
  }
  return texts;
}
