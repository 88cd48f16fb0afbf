export const showFeed = () => null;
