import '@testing-library/jest-dom';
import { configure } from '@testing-library/react';
import { jsdomShims } from '../../src/testing/jsdom-shims';

jsdomShims();

// What is waited for comes at once; a second is not enough where the machine has much else to do.
configure({ asyncUtilTimeout: 5_000 });
