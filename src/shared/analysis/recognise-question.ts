// U+037E is the Greek question mark; the plain semicolon that often stands for it ends too many other sentences.
const asking = /[?？؟\u037E⁇⁈](?:[!！"'”’»)\]\s.]|\p{Extended_Pictographic}|[\u200D\uFE0F])*$/u;

/** Whether a sentence ends in a question mark of any script, apart from closing quotes, brackets and emoji. */
export const isQuestion = (text: string): boolean => asking.test(text);
