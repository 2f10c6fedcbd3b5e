import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { recogniseAct } from '../../src/shared/analysis/acts/recognise-act.ts';

type Expected = Readonly<Record<string, string>>;

function assertActs(language: string, act: string, texts: readonly string[]): void {
  for (const text of texts) assert.equal(recogniseAct([text], language)?.act, act, `${language}: ${text}`);
}

describe('a question', () => {
  test('needs no question mark', () => {
    assertActs('en', 'question', [
      'where is my order',
      'do you open on sundays',
      'just wondering if you ship abroad',
    ]);
    assertActs('de', 'question', [
      'wo ist mein paket',
      'habt ihr sonntags offen',
      'wollte fragen ob ihr versendet',
    ]);
    assertActs('es', 'question', [
      'donde esta mi paquete',
      'teneis abierto el domingo',
      'queria saber si envian fuera',
    ]);
    assertActs('fr', 'question', ['où est mon colis', 'je voudrais savoir si vous livrez']);
    assertActs('pt', 'question', ['onde está o meu pedido', 'gostaria de saber se entregam']);
    assertActs('it', 'question', ["dov'è il mio pacco", 'vorrei sapere se consegnate']);
    assertActs('nl', 'question', ['waar is mijn pakket', 'ik wil graag weten of jullie bezorgen']);
  });

  test('is known by its mark in languages without rules, which say nothing else', () => {
    assert.equal(recogniseAct(['Kiedy przyjedzie paczka?'], 'pl')?.act, 'question');
    assert.equal(recogniseAct(['Η παραγγελία μου;'], 'el'), undefined);
    assert.equal(recogniseAct(['Paczka nie dotarła.'], 'pl'), undefined);
  });

  test('about something broken is no complaint', () => {
    assertActs('en', 'question', ['Do you repair broken screens?', 'What happens if the screen is damaged?']);
    assertActs('de', 'question', ['Was kostet es, wenn die Scheibe kaputt ist?']);
    assertActs('es', 'question', ['¿Qué pasa si llega roto?']);
  });
});

describe('a request', () => {
  test('may be said as a wish, a question or an order', () => {
    assertActs('en', 'request', [
      "I'd like a refund",
      'could you call me back',
      'cancel my order',
      'two teas please',
    ]);
    assertActs('de', 'request', [
      'ich hätte gern einen Termin',
      'könnten Sie mich anrufen',
      'Stornieren Sie meine Bestellung',
    ]);
    assertActs('es', 'request', ['quisiera una cita', '¿me puede enviar la factura?', 'cancelen mi pedido']);
    assertActs('fr', 'request', [
      'je voudrais un rendez-vous',
      'pouvez-vous me rappeler ?',
      'annulez ma commande',
    ]);
    assertActs('pt', 'request', ['quero cancelar o pedido', 'pode me enviar a fatura?']);
    assertActs('it', 'request', ['vorrei annullare l’ordine', 'può inviarmi la fattura?']);
    assertActs('nl', 'request', ['ik wil graag een afspraak maken', 'kunt u mij terugbellen?']);
  });

  test('for an answer is a question', () => {
    assertActs('en', 'question', ['Could you tell me when you open?', "I'd like to know what it costs"]);
    assertActs('de', 'question', ['Können Sie mir sagen, wann Sie öffnen?']);
    assertActs('es', 'question', ['¿Me puede decir cuándo abren?']);
  });
});

describe('a complaint', () => {
  test('needs no word of complaint', () => {
    assertActs('en', 'complaint', [
      'still nothing',
      'this is the third time I write',
      'you sent me the wrong size',
    ]);
    assertActs('de', 'complaint', [
      'geht schon wieder nicht',
      'warte seit zwei Wochen',
      'falsche Größe geliefert',
    ]);
    assertActs('es', 'complaint', ['sigue sin llegar', 'es la tercera vez que escribo', 'ha llegado roto']);
    assertActs('fr', 'complaint', ['toujours rien', 'le colis est arrivé cassé']);
    assertActs('pt', 'complaint', ['ainda nada', 'chegou quebrado']);
    assertActs('it', 'complaint', ['ancora niente', 'è arrivato rotto']);
    assertActs('nl', 'complaint', ['nog steeds niets', 'het is kapot aangekomen']);
  });

  test('may be an angry face, when words stand beside it', () => {
    assertActs('en', 'complaint', ['my bus 😡']);
    assertActs('en', 'other', ['😡']);
  });

  test('is not what says that nothing is wrong', () => {
    assertActs('en', 'other', ['Nothing was broken.', 'No complaints at all', 'It works now']);
    assertActs('de', 'other', ['Nichts war kaputt.', 'läuft wieder']);
    assertActs('es', 'other', ['Nada estaba roto.', 'Ya funciona']);
  });
});

describe('of several acts in one message', () => {
  const cases: Expected = {
    'Hello. Where is my order?': 'question',
    'Where is it? Please send a new one.': 'request',
    'Please send a new one. This one is broken.': 'complaint',
    'Good morning! 👋': 'greeting',
    'Good morning, Ms Carter. How are you?': 'greeting',
    'Good morning. My number is 4471.': 'other',
  };
  for (const [text, act] of Object.entries(cases)) {
    test(`"${text}" counts as ${act}`, () => {
      assert.equal(recogniseAct(text.split(/(?<=[.!?]) /u), 'en')?.act, act);
    });
  }

  test('the first sentence that does what counts is the one that is shown', () => {
    const read = recogniseAct(['Hi.', 'Is it far?', 'Please call me.', 'Send me the map.'], 'en');
    assert.deepEqual(read, { act: 'request', sentence: 'Please call me.' });
  });
});

describe('any text', () => {
  const word = fc.constantFrom(
    ...'llevo una warte schon seit zwei waiting for over nobody has aspetto da não ainda é die falsche nie jamais un'.split(
      ' ',
    ),
    ...'please bitte still wieder not no nicht y und and , . ? ! 😡 a\u200D'.split(' '),
  );

  test('comes to an act within a moment, also where words come again and again', () => {
    const languages = ['en', 'de', 'es', 'fr', 'it', 'nl', 'pt', undefined];
    for (const language of languages) recogniseAct(['warm up'], language);
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 1, maxLength: 5 }),
        fc.constantFrom(...languages),
        (words, language) => {
          const text = `${words.join(' ')} `.repeat(500 / words.length);
          const started = performance.now();
          const read = recogniseAct([text], language);
          assert.ok(performance.now() - started < 2_000, text);
          assert.ok(read?.sentence === undefined || read.sentence === text);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('where the language is unknown', () => {
  test('the rules of all languages are tried', () => {
    for (const text of [
      'still nothing',
      'schon wieder kaputt',
      'sigue sin funcionar',
      'toujours rien reçu',
    ]) {
      assert.equal(recogniseAct([text], undefined)?.act, 'complaint', text);
    }
    assert.deepEqual(recogniseAct([], undefined), { act: 'other' });
  });
});
