import { managedIdentity } from '../../managed-identity.ts';

/** The token of the managed identity for Azure OpenAI and Foundry. Throws where there is none. */
export type TellToken = () => Promise<string>;

const scope = 'https://cognitiveservices.azure.com/.default';
/** A token is replaced before it ends, so that no request is under way with one that has. */
const reserveMilliseconds = 5 * 60_000;

/** Asks for a token where there is none that lasts; calls meanwhile wait for the same. */
export function openIdentity(clientId: string | undefined): TellToken {
  const credential = managedIdentity(clientId);
  let asked: Promise<string> | undefined;
  let lastsUntil = 0;
  const ask = async (): Promise<string> => {
    const token = await credential.getToken(scope);
    if (!token) throw new Error('The managed identity gave no token.');
    lastsUntil = token.expiresOnTimestamp - reserveMilliseconds;
    return token.token;
  };
  return async () => {
    if (!asked || lastsUntil < Date.now()) {
      lastsUntil = Number.POSITIVE_INFINITY;
      asked = ask();
      asked.catch(() => {
        asked = undefined;
      });
    }
    return asked;
  };
}
