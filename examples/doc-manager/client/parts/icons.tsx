/** The few signs this application draws itself; a font may lack them. They say nothing alone: a label always stands beside. */
const paths = {
  check: 'M3.5 8.5l3 3 6-7',
  sun: 'M8 5.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6M8 1.5v1.2M8 13.3v1.2M1.5 8h1.2M13.3 8h1.2M3.4 3.4l.9.9M11.7 11.7l.9.9M3.4 12.6l.9-.9M11.7 4.3l.9-.9',
  moon: 'M13.5 9.6A5.8 5.8 0 0 1 6.4 2.5a5.8 5.8 0 1 0 7.1 7.1z',
  download: 'M8 2.8v7.6M4.8 7.2 8 10.4l3.2-3.2M3 13.2h10',
  close: 'M4 4l8 8M12 4l-8 8',
  lock: 'M4.5 7.5h7v5h-7zM6 7.5V5.8a2 2 0 0 1 4 0v1.7',
};

export function Icon({ name }: { name: keyof typeof paths }) {
  return (
    <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
      <path
        d={paths[name]}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.6"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
