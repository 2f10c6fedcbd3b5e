import { loadSummarizationChain } from '@langchain/classic/chains';
import { collapseDocs, splitListOfDocs } from '@langchain/classic/chains/combine_documents/reduce';
import { Document } from '@langchain/core/documents';
import { ChatOpenAI } from '@langchain/openai';
import { RecursiveCharacterTextSplitter } from '@langchain/textsplitters';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import pMap from 'p-map';

/** Counts as Parley does; its own counter would fetch an encoding from the network, or take a token for four letters. */
class CountedChatOpenAI extends ChatOpenAI {
  override async getNumTokens(content: Parameters<ChatOpenAI['getNumTokens']>[0]): Promise<number> {
    return countTokens(typeof content === 'string' ? content : JSON.stringify(content));
  }
}

interface Options {
  baseUrl: string;
  maxConcurrency: number;
}

/** The chat model of LangChain.js, with its own retries as they are when nothing is set. */
export function openChatModel({ baseUrl, maxConcurrency }: Options): ChatOpenAI {
  return new CountedChatOpenAI({
    model: 'stand-in',
    apiKey: 'fake-key',
    maxConcurrency,
    configuration: { baseURL: baseUrl },
  });
}

/** Cuts a text as its documentation recommends: at lines before words, into pieces of at most so many tokens. */
export function splitText(text: string, chunkTokens: number): Promise<Document[]> {
  const splitter = new RecursiveCharacterTextSplitter({
    chunkSize: chunkTokens,
    chunkOverlap: 0,
    lengthFunction: (piece) => countTokens(piece),
  });
  return splitter.createDocuments([text]);
}

/** `map_reduce`: each piece by itself, and what comes of it again by itself, until all of it fits into one call. */
export async function mapReduce(
  model: ChatOpenAI,
  documents: Document[],
  maxTokens: number,
): Promise<string> {
  const chain = loadSummarizationChain(model, { type: 'map_reduce' });
  if (!('maxTokens' in chain)) throw new Error('LangChain made another chain than map_reduce.');
  chain.maxTokens = maxTokens;
  return textOf(await chain.invoke({ input_documents: documents }), 'text');
}

/** `refine`: one piece after the other, each with the summary so far. */
export async function refine(model: ChatOpenAI, documents: Document[]): Promise<string> {
  const chain = loadSummarizationChain(model, { type: 'refine' });
  return textOf(await chain.invoke({ input_documents: documents }), 'output_text');
}

const writeSummary = 'Write a concise summary of the following:';
const mergeSummaries =
  'The following is a set of summaries. Take these and distill it into a final, consolidated summary:';

/**
 * What its tutorial on summarizing does in a graph by hand: each piece by itself, then as many summaries together as fit
 * into `maxTokens`, until all do. https://js.langchain.com/docs/tutorials/summarization
 */
export async function mapAndCollapse(
  model: ChatOpenAI,
  documents: Document[],
  maxTokens: number,
): Promise<string> {
  const ask = async (instruction: string, text: string): Promise<string> =>
    (await model.invoke(`${instruction}\n\n${text}`)).text;
  const reduce = (some: Document[]) =>
    ask(mergeSummaries, some.map(({ pageContent }) => pageContent).join('\n\n'));
  const lengthOf = (some: Document[]) =>
    some.reduce((sum, { pageContent }) => sum + countTokens(pageContent), 0);
  let summaries = await pMap(documents, async ({ pageContent }) => {
    return new Document({ pageContent: await ask(writeSummary, pageContent) });
  });
  while (lengthOf(summaries) > maxTokens) {
    const groups = splitListOfDocs(summaries, lengthOf, maxTokens);
    summaries = (await pMap(groups, (group) => collapseDocs(group, reduce))).map((one) => new Document(one));
  }
  return reduce(summaries);
}

function textOf(result: Record<string, unknown>, key: string): string {
  const text = result[key];
  if (typeof text !== 'string' || text === '') throw new Error('LangChain summarized nothing.');
  return text;
}
