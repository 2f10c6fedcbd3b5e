import { app } from '@azure/functions';
import { serveAnalysis } from '../shared/analysis/serve-analysis.ts';
import { answer } from '../shared/http/answer.ts';
import { services } from './services.ts';

app.http('analyseTexts', {
  route: 'api/analysis',
  methods: ['POST'],
  authLevel: 'function',
  handler: answer(serveAnalysis(services.analysis)),
});
