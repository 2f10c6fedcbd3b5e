// append-blocks.ts <folder> <count>: appends blocks to a blob of an Azurite of its own, and then stays.
import { BlobServiceClient } from '@azure/storage-blob';
import { startAzurite } from '../../../local/azurite/start-azurite.ts';

const [folder = '', count = '0'] = process.argv.slice(2);
const { connectionString } = await startAzurite({ folder, log: console.log });
const container = BlobServiceClient.fromConnectionString(connectionString).getContainerClient('kept');
await container.create();
const blob = container.getAppendBlobClient('blocks');
await blob.create();
for (let number = 0; number < Number(count); number += 1)
  await blob.appendBlock(`${number}\n`, `${number}\n`.length);
console.log('All acknowledged.');
