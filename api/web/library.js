export const showLibrary = () => null;
