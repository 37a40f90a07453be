import { useTexts } from '../shared/provider';
import { Button } from '../shared/ui';
import { builderMessages } from './messages';
import type { SaveState } from './use-draft';
import type { PublishState } from './use-publish';

export interface BuilderProblemsProps {
  saveState: SaveState;
  publishState: PublishState;
  renameError: Error | null;
  onSave: () => void;
}

/** What went wrong on the way to the server, in a line under the bar that moves nothing typed out of place. */
export function BuilderProblems({ saveState, publishState, renameError, onSave }: BuilderProblemsProps) {
  const t = useTexts(builderMessages);
  return (
    <>
      {saveState.kind === 'failed' && (
        <div className="trama-problem" role="alert">
          <span>
            <strong>{t('builder.saveFailed')}</strong> {saveState.error.message}
          </span>
          <Button onClick={onSave}>{t('builder.saveNow')}</Button>
        </div>
      )}
      {publishState.kind === 'failed' && (
        <div className="trama-problem" role="alert">
          <span>
            <strong>{t('builder.publishFailed')}.</strong> {publishState.error.message}
          </span>
        </div>
      )}
      {renameError && (
        <div className="trama-problem" role="alert">
          <span>
            <strong>{t('builder.renameFailed')}.</strong> {renameError.message}
          </span>
        </div>
      )}
    </>
  );
}
