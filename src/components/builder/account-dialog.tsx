import type { Integration } from '../../core';
import { AccountChoice } from '../integrations/account-choice';
import { accountMessages } from '../integrations/account-messages';
import { Dialog } from '../shared/dialog';
import { useTexts, useTrama } from '../shared/provider';
import { Tile } from '../shared/ui';

export interface AccountDialogProps {
  /** In the state `needs_account`. */
  integration: Integration;
  onChosen: () => void;
  onClose: () => void;
}

/** What is left of connecting a provider from the builder, when the consent opens several accounts. */
export function AccountDialog({ integration, onChosen, onClose }: AccountDialogProps) {
  const { locale } = useTrama();
  const t = useTexts(accountMessages);
  const provider = integration.label[locale];
  return (
    <Dialog
      title={t('integrations.connected', { provider })}
      tile={<Tile provider={integration} />}
      className="trama-account-dialog"
      onOpenChange={onClose}
    >
      <AccountChoice integration={integration} onChosen={onChosen} />
    </Dialog>
  );
}
