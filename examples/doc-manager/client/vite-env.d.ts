/// <reference types="vite/client" />
declare module 'trama/styles.css';
