mod sign_in;
mod token;
