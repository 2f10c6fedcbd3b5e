import type { AcsClients } from '../../acs/clients.ts';

export interface AllowedTemplate {
  name: string;
  language: string;
}

const mostTemplates = 200;

/** The approved templates of a channel, at most 200; none where the provider does not tell them. */
export async function listTemplates(
  clients: AcsClients,
  channel: string,
  { signal }: { signal: AbortSignal },
): Promise<AllowedTemplate[]> {
  const templates: AllowedTemplate[] = [];
  try {
    const [client, { isUnexpected, paginate }] = await Promise.all([
      clients.messages(),
      import('@azure-rest/communication-messages'),
    ]);
    const first = await client
      .path('/messages/channels/{channelId}/templates', channel)
      .get({ abortSignal: signal });
    if (isUnexpected(first)) return [];
    for await (const { name, language, status } of paginate(client, first)) {
      if (status === 'approved') templates.push({ name, language });
      if (templates.length >= mostTemplates) break;
    }
  } catch {
    // They are a help beside the answer, which is the same without them.
  }
  return templates;
}
