const { appendFileSync } = require('node:fs');
const { app, output } = require('@azure/functions');

const connection = 'AzureWebJobsStorage';
const note = (line) => appendFileSync(process.env.NOTES, `${line}\n`);

app.storageQueue('orders', {
  queueName: '%ORDERS%',
  connection,
  handler: (order, context) => {
    note(`${JSON.stringify(order)} ${context.triggerMetadata.dequeueCount}`);
    if (order.fails > 0 && context.triggerMetadata.dequeueCount <= order.fails) throw new Error('not yet');
  },
});
app.storageQueue('spoiled', {
  queueName: 'orders-poison',
  connection,
  handler: (order) => note(`poison ${JSON.stringify(order)}`),
});

const orders = output.storageQueue({ queueName: 'orders', connection });
app.http('order', {
  methods: ['POST'],
  extraOutputs: [orders],
  handler: async (request, context) => {
    context.extraOutputs.set(orders, await request.json());
    return { status: 202 };
  },
});
