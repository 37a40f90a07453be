import { useTexts } from '../preferences';

/** A PDF inside the page, and the way to open it on its own. */
export function PdfFrame({ src, title }: { src: string; title: string }) {
  const t = useTexts();
  return (
    <div className="dm-pdf">
      {navigator.pdfViewerEnabled ? (
        <iframe className="dm-pdf-frame" src={src} title={t.document.preview(title)} />
      ) : (
        <div className="dm-pdf-missing">
          <p className="dm-muted">{t.document.noPreview}</p>
          <a className="dm-button" href={src} target="_blank" rel="noreferrer">
            {t.document.openPdf}
          </a>
        </div>
      )}
    </div>
  );
}
