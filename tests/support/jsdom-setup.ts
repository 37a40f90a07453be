import '@testing-library/jest-dom';
import { jsdomShims } from '../../src/testing/jsdom-shims';

jsdomShims();
