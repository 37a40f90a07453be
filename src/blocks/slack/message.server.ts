import type { StepContext } from '../../core/block/implement';

/** Goes along with a message, unseen: whoever doubts that a step sent it can tell by its key. */
export const stepMetadata = ({ effectKey }: StepContext) => ({
  event_type: 'trama_step',
  event_payload: { key: effectKey },
});
