import type { Answer } from '../support/http';
import type { FakeFicDocument } from './state';

export const pdfAnswer = (document: FakeFicDocument): Answer => ({
  status: 200,
  headers: { 'content-type': 'application/pdf' },
  body: makePdf(document),
});

/** A PDF of one page, in ASCII, that says which invoice it is. */
export function makePdf({ number, numeration, entity }: FakeFicDocument): string {
  const line = `Fattura ${number}${numeration} - ${entity.name}`.replace(/[^\x20-\x7e]|[()\\]/g, '?');
  const text = `BT /F1 18 Tf 60 760 Td (${line}) Tj ET`;
  const objects = [
    '<</Type/Catalog/Pages 2 0 R>>',
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>',
    `<</Length ${text.length}>>stream\n${text}\nendstream`,
    '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>',
  ];
  return writePdf(objects);
}

function writePdf(objects: string[]): string {
  let body = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const offset = body.length;
    body += `${index + 1} 0 obj${object}endobj\n`;
    return `${String(offset).padStart(10, '0')} 00000 n \n`;
  });
  const size = objects.length + 1;
  const table = `xref\n0 ${size}\n0000000000 65535 f \n${offsets.join('')}`;
  return `${body}${table}trailer<</Size ${size}/Root 1 0 R>>\nstartxref\n${body.length}\n%%EOF\n`;
}
