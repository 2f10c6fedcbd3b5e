import type { Traces } from '../../src/shared/erasers/matcher.ts';

/** What is looked for, in which texts it is found, and in which it is not. */
export interface HardCase {
  language: string;
  traces: Partial<Traces>;
  /** In conversations that they took part in: what the text becomes. */
  near: [text: string, redacted: string][];
  /** In conversations of others. */
  far: [text: string, redacted: string][];
  /** Near and far. */
  untouched: string[];
  /** Far alone. */
  untouchedFar?: string[];
}

export const hardCases: HardCase[] = [
  {
    language: 'English',
    traces: {
      names: ['Mr. Will O’Neill-Baker', 'Hope'],
      texts: [
        "I don't think that it's fair: I've been overcharged twice, haven't I? Nobody at all answered.",
      ],
    },
    near: [
      ['Hi Will, hope you are well', 'Hi [erased], hope you are well'],
      ['Dear Hope, I hope so', 'Dear [erased], I hope so'],
      ['O’Neill said so', '[erased] said so'],
      ['As you say, "it’s fair, I’ve been overcharged twice" is strong', 'As you say, "[erased]" is strong'],
    ],
    far: [
      ["O'NEILL-BAKER, WILL", '[erased]'],
      ['will.oneillbaker@mail.example', '[erased]'],
      [
        'Somebody wrote: I dont think that it’s fair, I’ve been overcharged twice, haven’t I? Nobody at all, he said',
        'Somebody wrote: I dont [erased], he said',
      ],
    ],
    untouched: ['Will you hope for the best? The baker will.', 'I do not think that is fair'],
    untouchedFar: ['Will O. Neil', 'Ask Will'],
  },
  {
    language: 'German',
    traces: {
      names: ['Dr. Jürgen Groß-Wolf', 'Anke Müller'],
      texts: ['Die Lieferung kam völlig durchnässt an, und niemand fühlt sich dafür zuständig.'],
      identities: ['4:+4915123456789', 'mailto:anke@müller-straße.example'],
    },
    near: [
      ['Sehr geehrter Herr Groß, guten Tag', 'Sehr geehrter Herr [erased], guten Tag'],
      ['Jürgens Paket', '[erased] Paket'],
      ['Liebe Anke, danke!', 'Liebe [erased], danke!'],
      ['Ruf 0151 23456789 an', 'Ruf [erased] an'],
      ['> Die Lieferung kam voellig\n> durchnaesst an', '> Die Lieferung kam voellig\n> durchnaesst an'],
      ['„Die LIEFERUNG kam völlig durch­nässt an“, heißt es', '„[erased]“, heißt es'],
    ],
    far: [
      ['Juergen Gross-Wolf war da', '[erased] war da'],
      ['MUELLER, ANKE', '[erased]'],
      ['Anke Müllers Paket', '[erased] Paket'],
      ['+49 (0)151 / 234 567 89', '[erased]'],
      ['anke@xn--mller-strae-q8a4u.example', 'anke@xn--mller-strae-q8a4u.example'],
      ['Anke@MÜLLER-STRASSE.example', 'Anke@MÜLLER-STRASSE.example'],
    ],
    untouched: ['Der Wolf ist groß.', 'Die Lieferung kam gestern an'],
    untouchedFar: ['Mueller & Söhne', 'Ruf 0151 23456789 an', 'Liebe Anke'],
  },
  {
    language: 'Spanish',
    traces: {
      names: ['María José García López'],
      texts: ['¿Cuándo me van a devolver el dinero de la bicicleta que nunca llegó?'],
    },
    near: [
      ['Hola María, ¿qué tal?', 'Hola [erased], ¿qué tal?'],
      ['Sra. García:', 'Sra. [erased]:'],
      ['Maria Jose ya llamó', '[erased] ya llamó'],
      ['«van a devolver el dinero»', '«[erased]»'],
    ],
    far: [
      ['GARCIA LOPEZ, MARIA JOSE', '[erased]'],
      ['Pregunta: cuando me van a devolver el dinero de la bicicleta que nunca', 'Pregunta: [erased]'],
    ],
    untouched: ['El dinero de mi bici', 'Gracia y compañía'],
    untouchedFar: ['García y compañía', 'Hola María', 'José García', 'cuándo me van a devolver el dinero'],
  },
  {
    language: 'French',
    traces: {
      names: ['Mme Zoé d’Arc', 'Aurore L’Écuyer'],
      texts: ["J'ai déjà signalé que l'ascenseur n'a pas été réparé depuis l'été dernier."],
    },
    near: [
      ['Bonjour Zoé, merci', 'Bonjour [erased], merci'],
      ['Chère Aurore,', 'Chère [erased],'],
      ['« l’ascenseur n’a pas été réparé depuis l’été »', '«[erased]»'],
      ['L’ascenseur n’a pas été réparé !', '[erased] !'],
    ],
    far: [
      ['ZOE D’ARC', '[erased]'],
      ['aurore.lecuyer@poste.example', '[erased]'],
      [
        'Il a dit : l’ascenseur n’a pas été réparé depuis l’été dernier et j’ai déjà signalé que l’ascenseur',
        'Il a dit : l’ascenseur n’a pas été réparé depuis l’été dernier et j’ai déjà signalé que l’ascenseur',
      ],
    ],
    untouched: ['L’ascenseur est en panne', 'd’arc en ciel'],
  },
  {
    language: 'Japanese',
    traces: {
      names: ['山田 太郎', 'マリア・ロペス', '佐藤花子'],
      texts: ['昨日届いた荷物の中身が全部壊れていました。', 'はい、そうしてください'],
    },
    near: [
      ['山田さん、こんにちは', '[erased]さん、こんにちは'],
      ['太郎くんに聞きます', '[erased]くんに聞きます'],
      ['マリアが来ます', '[erased]が来ます'],
      ['佐藤様', '[erased]様'],
      ['「昨日届いた荷物の中身」とのこと', '「[erased]」とのこと'],
      ['> はい、そうしてください\n了解', '> [erased]\n了解'],
    ],
    far: [
      ['担当は山田太郎です', '担当は[erased]です'],
      ['太郎　山田', '[erased]'],
      ['ﾏﾘｱ･ﾛﾍﾟｽ', '[erased]'],
      ['佐藤 花子', '[erased]'],
    ],
    untouched: ['山田町の太郎山', '昨日荷物が届いた', 'サンタマリアンヌ', '佐藤町'],
    untouchedFar: ['山田さん', '昨日届いた荷物の中身が全部'],
  },
  {
    language: 'Arabic',
    traces: {
      names: ['محمد أحمد العلي', 'نور'],
      texts: ['لم تصل الدراجة التي طلبتها قبل شهر كامل ولم يرد عليّ أحد.'],
      identities: ['4:+971501230001'],
    },
    near: [
      ['مرحبا محمد', 'مرحبا [erased]'],
      ['قال لأحمد', 'قال ل[erased]'],
      ['عزيزتي نور،', 'عزيزتي [erased]،'],
      ['هو قال إن الدَّرَّاجَة التي طلبتها قبل شهر', 'هو قال إن [erased]'],
      ['٠٥٠ ١٢٣ ٠٠٠١', '[erased]'],
    ],
    far: [
      ['السيد مُحَمَّد العلي', 'السيد [erased]'],
      ['ومحمد احمد العلي', 'و[erased]'],
      ['+٩٧١ ٥٠ ١٢٣ ٠٠٠١', '[erased]'],
    ],
    untouched: ['نور الشمس', 'الدراجة جميلة'],
    untouchedFar: ['مرحبا محمد', '٠٥٠ ١٢٣ ٠٠٠١'],
  },
  {
    language: 'Chinese',
    traces: {
      names: ['王小明', '李娜'],
      texts: ['我上个星期买的自行车到现在还没有送到家里来，请问为什么。'],
    },
    near: [
      ['小明先生您好', '[erased]先生您好'],
      ['李娜说过', '[erased]说过'],
      ['“我上个星期买的自行车”', '“[erased]”'],
    ],
    far: [
      ['请问王小明在吗', '请问[erased]在吗'],
      ['王 小明', '[erased]'],
      ['他说我上个星期买的自行车到现在还没有送到家里来请问为什么', '他说[erased]'],
    ],
    untouched: ['小明白了', '我买的自行车'],
    untouchedFar: ['李娜说过', '我上个星期买的自行车'],
  },
  {
    language: 'Korean',
    traces: {
      names: ['김민수', '박 지영'],
      texts: ['지난주에 주문한 자전거가 아직도 도착하지 않아서 정말 화가 납니다.'],
    },
    near: [
      ['민수씨, 안녕하세요', '[erased]씨, 안녕하세요'],
      ['지영에게 물어보세요', '[erased]에게 물어보세요'],
      ['"주문한 자전거가 아직도 도착하지"', '"[erased]"'],
    ],
    far: [
      ['김민수는 왔습니다', '[erased]는 왔습니다'],
      ['박지영님', '[erased]님'],
      ['\u1100\u1175\u11b7\u1106\u1175\u11ab\u1109\u116e\u1102\u1173\u11ab', '[erased]'],
    ],
    untouched: ['민수기에는 물이', '자전거가 도착했습니다'],
    untouchedFar: ['민수씨'],
  },
  {
    language: 'Russian',
    traces: { names: ['Алёна Йорданова'], texts: ['Мне так и не вернули деньги за сломанный велосипед.'] },
    near: [
      ['Привет, Алена!', 'Привет, [erased]!'],
      ['«так и не вернули деньги»', '«[erased]»'],
    ],
    far: [['ЙОРДАНОВА АЛЕНА', '[erased]']],
    untouched: ['деньги за велосипед'],
    untouchedFar: ['Алена'],
  },
];
