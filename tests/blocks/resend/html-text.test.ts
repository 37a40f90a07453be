import { textOfHtml } from '../../../src/blocks/resend/html-text.server';
import { cpuSeconds } from '../../support/cpu-time';

describe('the text of an email that is HTML only', () => {
  it.each([
    ['<p>Buongiorno,</p><p>ecco il <b>preventivo</b>.</p>', 'Buongiorno,\n\necco il preventivo.'],
    ['Uno<br>due<BR/>tre', 'Uno\ndue\ntre'],
    ['<head><title>x</title></head><STYLE>p > a {}</Style>Testo', 'Testo'],
    ['<script>if (a < b) alert("<p>")</script>Testo', 'Testo'],
    ['a &lt; b &amp;&amp; c &#233; &#xE8; &nbsp; &ignota; &#0;', 'a < b && c é è &ignota; &#0;'],
    ['&amp;lt;p&amp;gt;', '&lt;p&gt;'],
    ['<!-- <p>nascosto</p> -->visto', 'visto'],
    ['İİİİ<STYLE>x</STYLE>visto', 'İİİİvisto'],
    ['<table><tr><td>1</td></tr><tr><td>2</td></tr></table>', '1\n\n2'],
    ['rotto <b', 'rotto'],
    ['<style>mai chiuso', ''],
    ['', ''],
  ])('of %j is %j', (html, text) => {
    expect(textOfHtml(html)).toBe(text);
  });

  it.each(['<', '<!--', '<style>', '<p', '</', '&#', '&amp'])('is had in no time of a million %j', (part) => {
    // Steps for every pair of characters would be hours.
    expect(cpuSeconds(() => textOfHtml(part.repeat(1_000_000 / part.length)))).toBeLessThan(10);
  });
});
