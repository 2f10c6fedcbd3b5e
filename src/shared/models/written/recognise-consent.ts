import { commitmentRules, englishConsent, englishReservation } from '../offline/commitment-rules.ts';

const yes =
  /^(?:ja|klar|gerne?|natürlich|selbstverständlich|mache? ich|erledigt|oui|d'accord|bien sûr|volontiers|sí|si|vale|claro|por supuesto|sim|combinado|certo|va bene|natuurlijk|tak|jasne|evet|да|конечно|是|好|可以|はい|わかりました|네|نعم|כן)(?!\p{L})/u;

/** Whether a message takes on what was asked for before, or says that its sender will do something. */
export function isConsent(text: string): boolean {
  const said = text.slice(0, 200).trim().toLowerCase().replaceAll('’', "'");
  if (englishReservation.test(said)) return false;
  if (englishConsent.test(said) || yes.test(said)) return true;
  return Object.values(commitmentRules).some(
    ({ commits, spoils }) => commits.test(said) && !spoils.test(said),
  );
}
