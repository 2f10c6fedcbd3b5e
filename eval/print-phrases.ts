import { createOfflineAnalysis } from '../src/shared/analysis/offline-analysis.ts';

const messages = [
  'Hi, my washing machine arrived yesterday but the door seal is torn and the drum makes a loud noise. Can you send a technician this week?',
  'We booked a family room with sea view for the school holidays. Is the indoor pool open in April, and can we rent bikes at the hotel?',
  'The invoice for March lists two data plans, but I only have one contract. Please correct the invoice and refund the second data plan.',
  'Good morning. My son has a dentist appointment on Thursday and will miss the maths test. Could he take the maths test on Friday instead?',
  'Guten Tag, die Heizung in der Wohnung im zweiten Stock ist ausgefallen. Wann kommt der Techniker? Der Vermieter sagt, die Heizung sei erst im Mai gewartet worden.',
  'Ich möchte meine Bahncard kündigen. Die Kündigung habe ich schon im Januar geschickt, trotzdem kam gestern eine Rechnung.',
  'Hola, el paquete llegó con la caja abierta y falta el cargador del portátil. ¿Pueden enviarme el cargador o devolverme el importe?',
  'Mi hija empieza el colegio en septiembre. ¿Qué documentos hacen falta para la matrícula y hasta cuándo está abierto el plazo de matrícula?',
  'Bonjour, la livraison du canapé était prévue mardi, mais le livreur n’est pas venu. Je voudrais une nouvelle date de livraison.',
  'ok thanks 👍',
];

/** Prints ten messages with what was found, for the eye. */
export async function printPhrases(): Promise<void> {
  const readings = await createOfflineAnalysis().analyse(messages.map((text) => ({ text })));
  console.log('\nKey phrases, for the eye');
  for (const [index, { language, intent, keyPhrases }] of readings.entries()) {
    console.log(`  ${messages[index]}`);
    console.log(
      `    ${language?.code} ${language?.confidence ?? ''} | ${(keyPhrases ?? []).join(' · ') || 'none'}`,
    );
    console.log(`    ${intent ?? 'no intent'}`);
  }
}
