-- photos
-- depends: 0001_platform

-- migrate: apply

-- One row per owner and uploaded content. The clean copy and its thumbnail are blobs named by the content's hash, so
-- owners who upload the same bytes share the blob and never the row (which knows where the owner stood).
create table photo (
    id uuid primary key,
    owner text not null,
    sha256 bytea not null check (length(sha256) = 32),
    state text not null,
    width int not null check (width > 0),
    height int not null check (height > 0),
    size_bytes int not null check (size_bytes > 0),
    perceptual_hash bigint not null,
    taken_at timestamptz,
    lat double precision check (lat between -90 and 90),
    lon double precision check (lon between -180 and 180),
    created_at timestamptz not null,
    viewers text[] not null default '{}', -- actors who may see it besides its owner
    unique (owner, sha256),
    check ((lat is null) = (lon is null))
);
create index photo_content on photo (sha256);

-- migrate: rollback

drop table photo;
