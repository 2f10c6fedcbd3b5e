import type { PipelinePolicy } from '@azure/core-rest-pipeline';
import * as z from 'zod';
import { parseJson } from '../json.ts';

const idHeader = 'x-parley-repeatability-request-id';
const firstSentHeader = 'x-parley-repeatability-first-sent';

const sendRequest = z.looseObject({ smsRecipients: z.tuple([z.looseObject({})]) });

/** Makes one `SmsClient.send` to one recipient repeatable; goes into its `requestOptions.customHeaders`. */
export function repeatabilityHeaders({
  id,
  firstSent,
}: {
  id: string;
  firstSent: Date;
}): Record<string, string> {
  return { [idHeader]: id, [firstSentHeader]: firstSent.toUTCString() };
}

/**
 * The client makes a new `repeatabilityRequestId` on every call and takes none. This policy puts ours into the body
 * instead, before the request is signed, and takes the headers that brought it off again.
 */
export const repeatSmsOnce: PipelinePolicy = {
  name: 'repeatSmsOnce',
  sendRequest(request, next) {
    const repeatabilityRequestId = request.headers.get(idHeader);
    const repeatabilityFirstSent = request.headers.get(firstSentHeader);
    if (repeatabilityRequestId === undefined) return next(request);
    request.headers.delete(idHeader);
    request.headers.delete(firstSentHeader);
    const body = sendRequest.safeParse(
      typeof request.body === 'string' ? parseJson(request.body) : undefined,
    );
    // To go on would be to send twice at the next repeat.
    if (!body.success)
      throw new Error('The SMS client sends another body than the one that can be made repeatable.');
    const [recipient] = body.data.smsRecipients;
    request.body = JSON.stringify({
      ...body.data,
      smsRecipients: [{ ...recipient, repeatabilityRequestId, repeatabilityFirstSent }],
    });
    return next(request);
  },
};
