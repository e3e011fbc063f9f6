DROP TABLE sign_authority;
