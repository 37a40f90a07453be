// Without it the browser package leaves its own copies of system libraries packed. It reads this while it loads.
process.env.AWS_EXECUTION_ENV ??= 'AWS_Lambda_nodejs20.x';
