import { parseTemplate, resolveTemplate, toText } from '../../core';
import { useTrama } from '../shared/provider';
import { useConfig } from './config-context';
import { sampleText } from './sample-text';

/** How a text will read, with sample values in bold. */
export function TemplatePreview({ template }: { template: string }) {
  const { scope, naming } = useConfig();
  const { formatting, locale, timeZone } = useTrama();
  const parts = parseTemplate(template);
  if (!parts.some((part) => part.kind === 'reference')) return null;
  return (
    <div className="trama-preview">
      <span className="trama-preview-label">{naming.t('field.preview')}</span>
      <div className="trama-preview-text">
        {parts.map((part, index) => {
          const key = `${part.kind}:${index}`;
          if (part.kind === 'text') return <span key={key}>{part.text}</span>;
          if (part.kind !== 'reference') return <span key={key}>{part.source}</span>;
          const resolved = resolve(part.source);
          if (resolved === null) return <i key={key}>{part.source}</i>;
          return resolved === '' ? (
            <i key={key}>{naming.t('field.previewEmpty')}</i>
          ) : (
            <b key={key}>{resolved}</b>
          );
        })}
      </div>
    </div>
  );

  function resolve(source: string): string | null {
    try {
      const value = resolveTemplate(source, scope, formatting);
      // A whole list or object is handed on as it is; in a few words it tells more than as JSON.
      const isWhole = parts.length === 1 && typeof value === 'object';
      return isWhole ? sampleText(value, locale, timeZone) : toText(value);
    } catch {
      // The sample lacks it; whether that is wrong is for the issues to say.
      return null;
    }
  }
}
