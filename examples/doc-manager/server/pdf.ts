import { PDFDocument, type PDFFont, type PDFPage, rgb, StandardFonts } from 'pdf-lib';

const ink = rgb(0.09, 0.1, 0.12);
const muted = rgb(0.42, 0.44, 0.48);
const green = rgb(0.12, 0.54, 0.3);
const [WIDTH, HEIGHT, MARGIN] = [595, 842, 64];

/** True for a PDF that can be opened and signed: neither damaged nor protected by a password. */
export async function isSignablePdf(bytes: Uint8Array): Promise<boolean> {
  if (Buffer.from(bytes.subarray(0, 5)).toString('latin1') !== '%PDF-') return false;
  try {
    return (await PDFDocument.load(bytes)).getPageCount() > 0;
  } catch {
    return false;
  }
}

export interface Signature {
  name: string;
  email: string;
  signedAs: string;
  signedAt: string;
}

/** The original with a last page that says who signed it, when, and which bytes they saw. */
export async function sealPdf(
  original: Uint8Array,
  title: string,
  sha256: string,
  signatures: Signature[],
): Promise<Uint8Array> {
  const pdf = await PDFDocument.load(original);
  const pen = await createPen(pdf);
  pen.line('Certificato di firma', { size: 20, isBold: true, gap: 14 });
  pen.line(title, { gap: 26 });
  for (const { name, email, signedAs, signedAt } of signatures) {
    pen.line(signedAs, { size: 15, isBold: true, color: green });
    pen.line(`${name} · ${email}`, { color: muted });
    pen.line(`Firmato il ${formatTime(signedAt)}`, { color: muted, gap: 18 });
  }
  pen.line('Impronta SHA-256 del documento firmato', { size: 9, color: muted });
  pen.line(sha256, { size: 9, color: muted });
  return pdf.save();
}

/** A short contract to try things with. */
export async function createSampleContract(title: string, paragraphs: string[]): Promise<Uint8Array> {
  const pdf = await PDFDocument.create();
  const pen = await createPen(pdf);
  pen.line(title, { size: 20, isBold: true, gap: 20 });
  for (const paragraph of paragraphs) pen.line(paragraph, { gap: 12 });
  return pdf.save();
}

interface LineStyle {
  size?: number;
  isBold?: boolean;
  color?: typeof ink;
  /** Extra space below. */
  gap?: number;
}

/** Writes lines from the top of a new page downwards, and goes on a further page when one is full. */
async function createPen(pdf: PDFDocument) {
  const [regular, bold] = await Promise.all(
    [StandardFonts.Helvetica, StandardFonts.HelveticaBold].map((font) => pdf.embedFont(font)),
  );
  let page: PDFPage = pdf.addPage([WIDTH, HEIGHT]);
  let y = HEIGHT - MARGIN;
  const row = (text: string, size: number, font: PDFFont, color: typeof ink) => {
    if (y < MARGIN) {
      page = pdf.addPage([WIDTH, HEIGHT]);
      y = HEIGHT - MARGIN;
    }
    page.drawText(text, { x: MARGIN, y, size, font, color });
    y -= size * 1.5;
  };
  return {
    line(text: string, { size = 11, isBold = false, color = ink, gap = 0 }: LineStyle) {
      const font = (isBold ? bold : regular) as PDFFont;
      for (const part of wrap(printable(text, font), (words) => font.widthOfTextAtSize(words, size)))
        row(part, size, font, color);
      y -= gap;
    },
  };
}

/** The standard PDF fonts know Western European letters only; others become "?" in the certificate. */
function printable(text: string, font: PDFFont): string {
  const known = new Set(font.getCharacterSet());
  return Array.from(text, (character) =>
    known.has(character.codePointAt(0) as number) ? character : '?',
  ).join('');
}

function wrap(text: string, widthOf: (text: string) => number): string[] {
  const rows = [''];
  for (const word of text.split(' ')) {
    const last = rows.at(-1) as string;
    const longer = last === '' ? word : `${last} ${word}`;
    if (last !== '' && widthOf(longer) > WIDTH - 2 * MARGIN) rows.push(word);
    else rows[rows.length - 1] = longer;
  }
  return rows;
}

const formatTime = (iso: string): string =>
  new Intl.DateTimeFormat('it-IT', {
    dateStyle: 'long',
    timeStyle: 'medium',
    timeZone: 'Europe/Rome',
  }).format(new Date(iso));
