import { Icon } from '../../shared/icons';
import { IconButton } from '../../shared/ui';
import { useConfig } from '../config-context';

export interface ListActionsProps {
  label: string;
  index: number;
  count: number;
  onMove: (to: number) => void;
  onRemove: () => void;
}

/** Up, down and away, for one item of a list. */
export function ListActions({ label, index, count, onMove, onRemove }: ListActionsProps) {
  const { t } = useConfig().naming;
  return (
    <div className="trama-list-actions">
      {count > 1 && (
        <>
          <IconButton label={t('field.moveUp')} disabled={index === 0} onClick={() => onMove(index - 1)}>
            <Icon name="up" />
          </IconButton>
          <IconButton
            label={t('field.moveDown')}
            disabled={index === count - 1}
            onClick={() => onMove(index + 1)}
          >
            <Icon name="down" />
          </IconButton>
        </>
      )}
      <IconButton label={t('field.removeItem', { label, index: index + 1 })} onClick={onRemove}>
        <Icon name="close" />
      </IconButton>
    </div>
  );
}
