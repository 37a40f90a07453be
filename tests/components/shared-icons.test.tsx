import { render } from '@testing-library/react';
import { blocks, providers } from '../../src/blocks';
import { CharacterIcon } from '../../src/components/shared/icons';

describe('icons of the built-in blocks', () => {
  it.each([...blocks, ...providers].map(({ icon, label }) => [label.en, icon]))(
    'are drawn, not left to a font that may lack them: %s %s',
    (_, icon) => {
      const { container } = render(<CharacterIcon character={icon} />);
      expect(container.querySelector('path')).not.toBeNull();
      expect(container).toHaveTextContent('');
    },
  );
});
