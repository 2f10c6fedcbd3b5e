import { RestError } from '@azure/storage-blob';
import { ParleyError } from '../errors.ts';

/** By name, too: a library that is bundled apart has a class of its own. */
function isRestError(error: unknown): error is RestError {
  return error instanceof RestError || (error instanceof Error && error.name === 'RestError');
}

/** The blob is not there (or its container is not). The same of messages and queues. */
export function isMissing(error: unknown): boolean {
  return isRestError(error) && error.statusCode === 404;
}

export function isContainerMissing(error: unknown): boolean {
  return hasCode(error, 'ContainerNotFound');
}

/** Somebody else wrote first. Creating what exists is 409 in one store and 412 in another: they mean the same. */
export function isConflict(error: unknown): boolean {
  return hasCode(error, 'ConditionNotMet') || hasCode(error, 'BlobAlreadyExists');
}

const nextSegmentCodes = [
  // 50,000 appends, and the size that the append named.
  'BlockCountExceedsLimit',
  'MaxBlobSizeConditionNotMet',
  // A copy made by a tool that knows no append blobs: readable, and as good as full.
  'InvalidBlobType',
  // Somebody is copying it, and will remove it: see `transcripts/rewrite.ts`.
  'LeaseIdMissing',
];

/** The segment takes no more: the next one does. */
export function isSegmentFull(error: unknown): boolean {
  return nextSegmentCodes.some((code) => hasCode(error, code));
}

/** Somebody else has it to themselves for some time. */
export function isLeaseTaken(error: unknown): boolean {
  return hasCode(error, 'LeaseAlreadyPresent');
}

const leaseLostCodes = [
  'LeaseLost',
  'LeaseIdMissing',
  'LeaseNotPresentWithBlobOperation',
  'LeaseIdMismatchWithBlobOperation',
  'LeaseNotPresentWithLeaseOperation',
  'LeaseIdMismatchWithLeaseOperation',
];

/** What we had to ourselves for some time, we have no longer. */
export function isLeaseLost(error: unknown): boolean {
  return leaseLostCodes.some((code) => hasCode(error, code));
}

/** An append or page blob, where a block blob is meant. */
export function isOfOtherType(error: unknown): boolean {
  return hasCode(error, 'InvalidBlobType');
}

function hasCode(error: unknown, code: string): boolean {
  return isRestError(error) && error.code === code;
}

/**
 * True for what storage, the way to it, its tokens or a deadline caused: trying again later can mend it. Refusals of the
 * account (403) count too, because Event Grid must not drop what an operator can set right.
 */
export function isStorageFault(error: unknown): boolean {
  if (error instanceof ParleyError) return error.code === 'storage_unavailable';
  if (isRestError(error)) return true;
  return error instanceof Error && faultNames.some((name) => error.name.endsWith(name));
}

/** By name: the identity library is bundled apart, with classes of its own. */
const faultNames = ['AbortError', 'TimeoutError', 'AuthenticationError', 'CredentialUnavailableError'];

/** What a caller is told when storage does not answer. */
export function storageUnavailable(cause: unknown): ParleyError {
  return new ParleyError(
    'storage_unavailable',
    'The storage account does not answer in time, or refuses. Send the same request again in a few seconds; the log names the cause.',
    { cause },
  );
}
