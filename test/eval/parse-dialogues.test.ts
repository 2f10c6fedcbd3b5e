import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseDialogues } from '../../eval/parse-dialogues.ts';

describe('a dialogue to measure with', () => {
  test('becomes a conversation of its turns', () => {
    const [dialogue] = parseDialogues(
      `${JSON.stringify({ dialogue: '#Person1#: Hi: you\n#Person2#: Yes\nand more', summary: 'They talk.' })}\n\n`,
    );
    assert.deepEqual(
      dialogue?.conversation.messages.map(({ sender, text }) => `${sender.name} ${text}`),
      ['Person1 Hi: you', 'Person2 Yes', 'Person2 and more'],
    );
    assert.deepEqual(dialogue?.references, ['They talk.']);
    assert.equal(dialogue?.lead, '#Person1#: Hi: you #Person2#: Yes and more');
  });

  test('may have several summaries', () => {
    const [dialogue] = parseDialogues(JSON.stringify({ dialogue: 'A: x', summary1: 'one', summary2: 'two' }));
    assert.deepEqual(dialogue?.references, ['one', 'two']);
  });

  test('may be a meeting, with the answer to its general question as summary', () => {
    const meeting = {
      meeting_transcripts: [
        { speaker: 'Professor E', content: 'So . OK .' },
        { speaker: 'Grad G', content: 'It crashed .' },
      ],
      general_query_list: [{ query: 'Summarize the meeting.', answer: 'It crashed.' }],
      topic_list: [],
    };
    const [dialogue] = parseDialogues(JSON.stringify(meeting));
    assert.deepEqual(
      dialogue?.conversation.messages.map(({ sender, text }) => `${sender.name} ${text}`),
      ['Professor E So . OK .', 'Grad G It crashed .'],
    );
    assert.deepEqual(dialogue?.references, ['It crashed.']);
  });

  test('names the line that is none', () => {
    const good = JSON.stringify({ dialogue: 'A: x', summary: 'one' });
    for (const bad of ['{', '[]', JSON.stringify({ dialogue: 'A: x' })]) {
      assert.throws(() => parseDialogues(`${good}\n${bad}`), /line 2 is no dialogue/);
    }
  });
});
