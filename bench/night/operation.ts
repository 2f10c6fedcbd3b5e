/**
 * Names what a request asks of storage: its method, what it is about and the container, such as `GET blob transcripts`.
 * Addresses are `/<account>/<container>/<blob>?comp=…`: https://learn.microsoft.com/rest/api/storageservices/blob-service-rest-api
 */
export function nameOperation(method: string, address: string): string {
  const { pathname, searchParams } = new URL(address, 'http://127.0.0.1');
  const [, container = '', ...blob] = pathname.split('/').filter((part) => part !== '');
  const about = searchParams.get('comp') ?? (blob.length > 0 ? 'blob' : 'container');
  return `${method} ${about} ${container}`.trimEnd();
}
