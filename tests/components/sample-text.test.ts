import { sampleText } from '../../src/components/config/sample-text';

const inItalian = (value: Parameters<typeof sampleText>[0]) => sampleText(value, 'it', 'Europe/Rome');

describe('a sample value in the picker', () => {
  it.each([
    ['2026-11-24T23:30:00.000Z', '25/11/26, 00:30'],
    ['2026-11-24', '24/11/26'],
    ['2026', '2026'],
    ['2026-13-45', '2026-13-45'],
    ['2026-11-24 e poi', '2026-11-24 e poi'],
    [1234.5, '1.234,5'],
    [true, 'sì'],
    [[{ title: 'Contratto' }, 'altro'], 'Contratto, altro'],
  ])('%j reads as %s', (value, text) => {
    expect(inItalian(value)).toBe(text);
  });
});
